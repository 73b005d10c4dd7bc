package org.jiaozi.lab.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The real classes with a fault in them, in a class loader of their own. */
final class Planted extends ClassLoader {
    private static final List<String> REAL = List.of(
            "org.jiaozi.core.",
            "org.jiaozi.crypto.",
            "org.jiaozi.wallet.",
            "org.jiaozi.bank.",
            "org.jiaozi.lab.world.",
            "org.jiaozi.lab.judge.",
            "org.jiaozi.lab.audit.",
            "org.jiaozi.lab.faults.Lived");

    private final Map<String, byte[]> wrong;

    private Planted(Map<String, byte[]> wrong) {
        super(Planted.class.getClassLoader());
        this.wrong = wrong;
    }

    /** How a fault was found. */
    record Found(long seed, String breach) {}

    /**
     * Lives worlds with the fault in them until one breaks as it should; empty if none does.
     *
     * @param lives what lives a world
     * @param first tried before all others
     * @param worlds the seeds from 1 on that are tried
     */
    static Optional<Found> hunt(
            Fault fault, Path root, Class<? extends LongFunction<List<String>>> lives, long first, int worlds) {
        LongFunction<List<String>> lived = lived(load(fault, root, lives));
        LongStream seeds = LongStream.concat(
                LongStream.of(first), LongStream.rangeClosed(1, worlds).filter(s -> s != first));
        for (long seed : seeds.toArray()) {
            Optional<String> breach = lived.apply(seed).stream()
                    .filter(b -> b.contains(fault.breach()))
                    .findFirst();
            if (breach.isPresent()) {
                return Optional.of(new Found(seed, breach.get()));
            }
        }
        return Optional.empty();
    }

    /** A class as it is with the fault in it: what it is made of is of no type that the caller knows. */
    static Class<?> load(Fault fault, Path root, Class<?> type) {
        try {
            return new Planted(compile(fault, root)).loadClass(type.getName());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked") // what Lived is
    private static LongFunction<List<String>> lived(Class<?> type) {
        try {
            return (LongFunction<List<String>>) type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (REAL.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            byte[] bytes = wrong.containsKey(name) ? wrong.get(name) : bytes(name);
            // some ask where their own class lies
            return defineClass(name, bytes, 0, bytes.length, Planted.class.getProtectionDomain());
        }
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sources that a fault changes, by class name. Whatever is not there exactly once can no longer be planted. */
    static Map<String, String> sources(Fault fault, Path root) {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Fault.Edit edit : fault.edits()) {
            String type = "org.jiaozi." + edit.file().replace('/', '.');
            String module = edit.file().substring(0, edit.file().indexOf('/'));
            String source = sources.computeIfAbsent(
                    type,
                    t -> read(root.resolve(module).resolve("src/main/java").resolve(t.replace('.', '/') + ".java")));
            int at = source.indexOf(edit.right());
            if (at < 0 || source.indexOf(edit.right(), at + 1) >= 0) {
                throw new IllegalStateException("'" + fault + "' is to change what " + edit.file()
                        + " does not say exactly once: " + edit.right());
            }
            sources.put(type, source.replace(edit.right(), edit.wrong()));
        }
        return sources;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, byte[]> compile(Fault fault, Path root) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        sources(fault, root).forEach((type, source) -> units.add(new Source(type, source)));
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (Classes classes = new Classes(compiler.getStandardFileManager(diagnostics, null, null))) {
            List<String> options =
                    List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
            if (!compiler.getTask(null, classes, diagnostics, options, null, units)
                    .call()) {
                throw new IllegalStateException("'" + fault + "' does not compile: " + diagnostics.getDiagnostics());
            }
            Map<String, byte[]> compiled = new HashMap<>();
            classes.written.forEach((name, out) -> compiled.put(name, out.toByteArray()));
            return compiled;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String content;

        Source(String type, String content) {
            super(URI.create("string:///" + type.replace('.', '/') + ".java"), Kind.SOURCE);
            this.content = content;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return content;
        }
    }

    /** Keeps class files in memory. */
    private static final class Classes extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

        Classes(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            written.put(name, out);
            return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return out;
                }
            };
        }
    }
}
