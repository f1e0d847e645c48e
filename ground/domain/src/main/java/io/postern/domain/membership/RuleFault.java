package io.postern.domain.membership;

/// A rule that cannot be read; the message tells the place, what stands there and what should.
public final class RuleFault extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int offset;

    private RuleFault(int offset, String message) {
        super(message);
        this.offset = offset;
    }

    static RuleFault at(String rule, int offset, String found, String expected) {
        return new RuleFault(offset, place(rule, offset) + ": found " + found + ", expected " + expected);
    }

    static RuleFault wrong(String rule, int offset, String why) {
        return new RuleFault(offset, place(rule, offset) + ": " + why);
    }

    /// Where in the rule, from zero.
    public int offset() {
        return offset;
    }

    private static String place(String rule, int offset) {
        int line = 1
                + (int) rule.substring(0, offset).chars().filter(c -> c == '\n').count();
        int column = offset - rule.lastIndexOf('\n', offset - 1);
        return "line " + line + ", column " + column;
    }
}
