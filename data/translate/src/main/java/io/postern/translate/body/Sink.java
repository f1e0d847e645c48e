package io.postern.translate.body;

/// Where translated bytes go.
@FunctionalInterface
public interface Sink {
    /// Takes a copy at once: the array is used again.
    void write(byte[] bytes, int from, int to);
}
