package io.postern.connector.directory;

/// Takes what is read, in order. It may make the reader wait, and end the reading by any unchecked exception.
@FunctionalInterface
public interface DirectorySink {
    void take(DirectoryEntry entry);
}
