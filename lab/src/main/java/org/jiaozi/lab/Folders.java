package org.jiaozi.lab;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jiaozi.cli.CommandFailure;
import org.jspecify.annotations.Nullable;

/** Files and folders of commands that run for long. */
public final class Folders {
    private Folders() {}

    /** Refuses a report's file that cannot be written, before anything is made for it or begun. */
    public static void writable(Path report) {
        inFolder("write", report);
        if (Files.isDirectory(report) || (Files.exists(report) && !Files.isWritable(report))) {
            throw new CommandFailure("cannot write " + report + ": it is a directory or not writable");
        }
    }

    /** Refuses a file or folder that cannot be made, before anything is made for it or begun. */
    public static void makeable(Path any) {
        inFolder("make", any);
    }

    private static void inFolder(String verb, Path any) {
        Path parent = any.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent) || !Files.isWritable(parent)) {
            throw new CommandFailure(
                    "cannot " + verb + " " + any + ": its directory does not exist or is not writable");
        }
    }

    /** Deletes a folder with all that is in it; one that is not there is fine. */
    public static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
