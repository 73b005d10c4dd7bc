package org.jiaozi.cli.output;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Why a file could not be used, for people: the JDK's own message of such a failure is the file's name alone. */
public final class Reason {
    private Reason() {}

    /** In a few words, without the file's name. */
    public static String of(IOException failure) {
        return switch (failure) {
            case NoSuchFileException ignored -> "no such file or directory";
            case AccessDeniedException ignored -> "permission denied";
            case NotDirectoryException ignored -> "not a directory";
            case FileAlreadyExistsException ignored -> "it exists already";
            case DirectoryNotEmptyException ignored -> "it is not empty";
            case FileSystemException known when known.getReason() != null -> String.valueOf(known.getReason());
            default -> said(failure);
        };
    }

    private static String said(IOException failure) {
        @Nullable String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
