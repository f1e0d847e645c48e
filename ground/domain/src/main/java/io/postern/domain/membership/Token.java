package io.postern.domain.membership;

/// A word of a rule.
///
/// @param text of a [Kind#TEXT] without quotes and escapes
/// @param end where the next one may begin
record Token(Kind kind, String text, int offset, int end) {
    enum Kind {
        WORD,
        TEXT,
        OPEN,
        CLOSE,
        LIST_OPEN,
        LIST_CLOSE,
        COMMA,
        END
    }

    boolean is(Kind wanted) {
        return kind == wanted;
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    /// As it is called in a fault.
    String told() {
        return switch (kind) {
            case TEXT -> "the text \"" + text + "\"";
            case END -> "the end";
            case WORD, OPEN, CLOSE, LIST_OPEN, LIST_CLOSE, COMMA -> "'" + text + "'";
        };
    }
}
