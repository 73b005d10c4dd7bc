package org.jiaozi.lab.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Loads the readers, or whoever else is named, and the libraries that parse for them, once more, with a step counted at every call and every branch of
 * theirs. How many it takes to read something is the same on every machine, however busy; how long is not. What the JDK does for
 * them counts for nothing.
 */
public final class CountedCode extends ClassLoader {
    private static final List<String> COUNTED = List.of(
            "org.jiaozi.",
            "com.upokecenter.",
            "com.fasterxml.jackson.",
            "com.google.zxing.",
            "com.sparrowwallet.",
            "co.nstant.in.");

    private static final ClassDesc STEPS = ClassDesc.of(Steps.class.getName());
    private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);

    private final ClassFile classFile;

    private CountedCode(ClassLoader parent) {
        super(parent);
        classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(parent).orElse(ClassHierarchyResolver.defaultResolver())));
    }

    /** One of what gives readers by their names, and all that it calls, counted. */
    @SuppressWarnings("unchecked")
    public static Function<String, Consumer<byte[]>> of(Class<? extends Function<String, Consumer<byte[]>>> readers) {
        CountedCode loader = new CountedCode(readers.getClassLoader());
        try {
            return (Function<String, Consumer<byte[]>>)
                    loader.loadClass(readers.getName()).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        // the counter is one
        if (name.startsWith(Steps.class.getName()) || COUNTED.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try (@Nullable InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] counted = classFile.transformClass(
                    classFile.parse(in.readAllBytes()), ClassTransform.transformingMethodBodies(new Counting()));
            return defineClass(name, counted, 0, counted.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Counting implements CodeTransform {
        @Override
        public void atStart(CodeBuilder code) {
            code.invokestatic(STEPS, "step", NOTHING);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof BranchInstruction
                    || element instanceof LookupSwitchInstruction
                    || element instanceof TableSwitchInstruction) {
                code.invokestatic(STEPS, "step", NOTHING);
            }
            code.with(element);
        }
    }
}
