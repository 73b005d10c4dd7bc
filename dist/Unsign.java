import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Takes the signature files out of the jars of a folder. Maven has checked what it fetched; checking every class again at
 * each start costs more than the start itself, and classes of signed jars stay out of the AOT cache.
 */
final class Unsign {
    private Unsign() {}

    public static void main(String[] args) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(args[0]))) {
            jars = files.filter(f -> f.toString().endsWith(".jar")).toList();
        }
        for (Path jar : jars) {
            try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
                Path folder = zip.getPath("META-INF");
                if (!Files.isDirectory(folder)) {
                    continue;
                }
                List<Path> signatures;
                try (Stream<Path> files = Files.list(folder)) {
                    signatures = files.filter(f -> f.toString().matches(".*\\.(SF|RSA|DSA|EC)"))
                            .toList();
                }
                for (Path signature : signatures) {
                    Files.delete(signature);
                }
            }
        }
    }
}
