package org.jiaozi.lab.fuzz;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Readers that a module keeps to itself. They meet bytes from outside like the public ones, and being fuzzed is no
 * reason to become public. One that was renamed stops every replay of the corpus, so it does not go unnoticed.
 */
final class Hidden {
    private final MethodHandle handle;

    private Hidden(MethodHandle handle) {
        this.handle = handle;
    }

    /** The static method, or method of the first argument, with that name and so many parameters. */
    static Hidden method(String type, String name, Class<?>... parameters) {
        try {
            Method method = Class.forName("org.jiaozi." + type).getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return new Hidden(MethodHandles.lookup().unreflect(method));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the reader is gone: " + type + "." + name, e);
        }
    }

    static Hidden constructor(String type, Class<?>... parameters) {
        try {
            Constructor<?> made = Class.forName("org.jiaozi." + type).getDeclaredConstructor(parameters);
            made.setAccessible(true);
            return new Hidden(MethodHandles.lookup().unreflectConstructor(made));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("it cannot be made any more: " + type + Arrays.toString(parameters), e);
        }
    }

    /** Calls it; what it throws comes as it is. */
    Object call(Object... arguments) throws Exception {
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("neither exception nor error", e);
        }
    }
}
