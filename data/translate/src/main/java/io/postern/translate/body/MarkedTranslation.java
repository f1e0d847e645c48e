package io.postern.translate.body;

/// Looks whether a body begins with the byte order mark of UTF-16, which counts more than what the answer's head
/// says (Encoding Standard §6.1), and reads it accordingly.
final class MarkedTranslation implements BodyTranslation {
    private static final byte FE = (byte) 0xFE;
    private static final byte FF = (byte) 0xFF;

    private final BodyTranslation plain;
    private BodyTranslation chosen;
    private boolean decided;
    private boolean held;
    private byte first;

    MarkedTranslation(BodyTranslation plain, BodyCharset charset) {
        this.plain = plain;
        this.chosen = switch (charset) {
            case UTF_16_LITTLE -> new Utf16Translation(plain, false);
            case UTF_16_BIG -> new Utf16Translation(plain, true);
            case ASCII_BASED, OTHER -> plain;
        };
    }

    @Override
    public void push(byte[] in, int from, int to, Sink out) {
        int at = decided ? from : decide(in, from, to, out);
        if (at < to) {
            chosen.push(in, at, to, out);
        }
    }

    /// @return where the body goes on
    private int decide(byte[] in, int from, int to, Sink out) {
        int at = from;
        if (at < to && !held) {
            first = in[at];
            if (first != FE && first != FF) {
                decided = true;
                return at;
            }
            held = true;
            at++;
        }
        if (at == to) {
            return at;
        }
        decided = true;
        if (in[at] == (first == FE ? FF : FE)) {
            chosen = new Utf16Translation(plain, first == FE);
            out.write(new byte[] {first, in[at]}, 0, 2);
            return at + 1;
        }
        chosen.push(new byte[] {first}, 0, 1, out);
        return at;
    }

    @Override
    public void end(Sink out) {
        if (held && !decided) {
            chosen.push(new byte[] {first}, 0, 1, out);
        }
        chosen.end(out);
    }
}
