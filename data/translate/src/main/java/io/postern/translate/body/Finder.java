package io.postern.translate.body;

/// Finds links in one text: an attribute's value, a style sheet, a script. Is given the text character by
/// character, with the bytes that stood for each (`&amp;` is one character of five bytes), and holds back those
/// that may belong to a link until it knows.
abstract class Finder {
    final Candidate candidate;

    Finder(Candidate candidate) {
        this.candidate = candidate;
    }

    /// Starts with a new text.
    abstract void begin();

    /// @return whether the bytes are held back or written; false: the caller passes them on. While nothing is
    ///     held
    ///     back nothing is written to `out` either.
    abstract boolean take(int c, byte[] raw, int from, int to, Sink out);

    /// The text is over: writes what is held back.
    void end(Sink out) {
        candidate.end(out);
    }

    /// The rest of the text is of no interest, and nothing is held back.
    boolean isDone() {
        return false;
    }

    /// How far the finder need not be asked; at least `at`, and never past a `<`.
    int skip(byte[] in, int at, int to) {
        return at;
    }
}
