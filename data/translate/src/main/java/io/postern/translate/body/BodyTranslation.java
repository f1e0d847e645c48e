package io.postern.translate.body;

/// Translates the body of one answer, piece by piece. Confined to one thread at a time.
public interface BodyTranslation {
    /// Writes everything that is certain.
    void push(byte[] in, int from, int to, Sink out);

    /// The body is over: writes what was held back. Once, last.
    void end(Sink out);
}
