package io.postern.run.service;

import io.postern.run.Fault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// One service process for each data folder. The lock belongs to the process: after kill -9 it is free.
final class FolderLock implements AutoCloseable {
    private final FileChannel file;

    private FolderLock(FileChannel file) {
        this.file = file;
    }

    /// Makes the folder (0700) where it is missing.
    static FolderLock take(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            FileChannel file = FileChannel.open(
                    folder.resolve("service.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock;
            try {
                lock = file.tryLock();
            } catch (OverlappingFileLockException e) {
                lock = null;
            }
            if (lock == null) {
                file.close();
                throw new Fault("the data folder " + folder + " is in use by another running instance; stop that one,"
                        + " or choose another folder");
            }
            return new FolderLock(file);
        } catch (IOException e) {
            throw new Fault(
                    "the data folder " + folder + " cannot be used (" + e.getMessage() + "); check its owner and"
                            + " permissions, or choose another",
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
