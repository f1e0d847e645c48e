package io.postern.translate.body;

/// A body that is one text: a style sheet, a script, JSON.
final class FlatTranslation implements BodyTranslation {
    private final Finder finder;

    FlatTranslation(Finder finder) {
        this.finder = finder;
        finder.begin();
    }

    @Override
    public void push(byte[] in, int from, int to, Sink out) {
        int span = from;
        int at = from;
        while (at < to) {
            int next = finder.skip(in, at, to);
            if (next > at) {
                at = next;
                continue;
            }
            if (finder.take(in[at] & 0xff, in, at, at + 1, out)) {
                if (span < at) {
                    out.write(in, span, at);
                }
                span = at + 1;
            }
            at++;
        }
        if (span < to) {
            out.write(in, span, to);
        }
    }

    @Override
    public void end(Sink out) {
        finder.end(out);
    }
}
