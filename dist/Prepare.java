import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes the jars of a folder fit for the AOT cache, which leaves out classes of signed jars and classes from before Java 6.
 * Signature files go: Maven has checked what it fetched, and checking every class again at each start costs more than the
 * start itself. Old classes are written again at Java 8 with the stack maps they lack; their code stays as it is.
 *
 * <p>Into a second folder it lays SQLite's library for this machine, which its driver else unpacks at every start.
 */
final class Prepare {
    private static final int JAVA_6 = 50;
    private static final int JAVA_8 = 52;

    private Prepare() {}

    public static void main(String[] args) throws IOException {
        List<Path> jars = list(Path.of(args[0]), ".*\\.jar");
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        // Stack maps name common superclasses, which may lie in any of the jars.
        try (URLClassLoader all = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            ClassFile writer = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(
                            ClassHierarchyResolver.ofResourceParsing(all)
                                    .orElse(ClassHierarchyResolver.defaultResolver())));
            for (Path jar : jars) {
                try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
                    for (Path signature : list(zip.getPath("META-INF"), ".*\\.(SF|RSA|DSA|EC)")) {
                        Files.delete(signature);
                    }
                    unpackSqlite(zip.getPath("org/sqlite/native"), Path.of(args[1]));
                    for (Path old : oldClasses(zip.getPath("/"))) {
                        Files.write(old, lifted(writer, Files.readAllBytes(old)));
                    }
                }
            }
        }
    }

    /** Where the folder for this machine is not known, the driver goes on unpacking what it finds. */
    private static void unpackSqlite(Path natives, Path into) throws IOException {
        String os = System.getProperty("os.name").startsWith("Mac") ? "Mac" : "Linux";
        String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        Path mine = natives.resolve(os).resolve(machine);
        if (!Files.isDirectory(mine) || !list(Path.of("/lib"), ".*/ld-musl-.*").isEmpty()) {
            return;
        }
        Files.createDirectories(into);
        for (Path library : list(mine, ".*")) {
            Files.copy(library, into.resolve(library.getFileName().toString()));
        }
    }

    private static List<Path> list(Path folder, String pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().matches(pattern)).toList();
        }
    }

    private static List<Path> oldClasses(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> f.toString().endsWith(".class"))
                    .filter(Prepare::isOld)
                    .toList();
        }
    }

    private static boolean isOld(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(8);
            return head.length == 8 && ByteBuffer.wrap(head).getShort(6) < JAVA_6;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] lifted(ClassFile writer, byte[] old) {
        ClassModel model = writer.parse(old);
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(JAVA_8, 0);
            } else {
                builder.with(element);
            }
        };
        return writer.transformClass(
                model, version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }
}
