package org.jiaozi.lab.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jiaozi.core.policy.Profile;

/** The policies that worlds live under: the profiles that core ships, and the relief. For picocli it is what may be chosen. */
final class Policies implements Iterable<String> {
    /** The circulating profile with a relief for one region: an override, and so no profile of its own. */
    static final String DISASTER = "disaster";

    private static final String FOLDER = "/org/jiaozi/core/policy/profiles/";
    private static final String ENDING = ".json";

    /** A seed draws from the list by its place: another order would make other worlds of all seeds. */
    private static final List<String> FIRST = List.of("circulating", "icbc-staged", "dcep", DISASTER);

    /** For picocli, which makes one. */
    Policies() {}

    /** Those that worlds were drawn from first, and after them whatever else ships, by name. */
    static List<String> all() {
        List<String> all = new ArrayList<>(shipped());
        all.add(DISASTER);
        all.sort(Comparator.comparingInt((String name) -> FIRST.contains(name) ? FIRST.indexOf(name) : FIRST.size())
                .thenComparing(Comparator.naturalOrder()));
        return List.copyOf(all);
    }

    @Override
    public Iterator<String> iterator() {
        return World.PROFILES.iterator();
    }

    /** Overrides lie in the same folder, with one more word in their names. */
    private static List<String> shipped() {
        return names().filter(name -> name.endsWith(ENDING))
                .map(name -> name.substring(0, name.length() - ENDING.length()))
                .filter(name -> !name.contains("."))
                .toList();
    }

    private static Stream<String> names() {
        URL one = Objects.requireNonNull(Profile.class.getResource(FOLDER + FIRST.getFirst() + ENDING));
        try {
            // out of a jar where it is run, out of a folder where it is built
            if (one.openConnection() instanceof JarURLConnection jar) {
                String folder = FOLDER.substring(1);
                return jar.getJarFile().stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.startsWith(folder))
                        .map(name -> name.substring(folder.length()))
                        .toList()
                        .stream();
            }
            try (Stream<Path> files =
                    Files.list(Objects.requireNonNull(Path.of(one.toURI()).getParent()))) {
                return files.map(file -> String.valueOf(file.getFileName())).toList().stream();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
