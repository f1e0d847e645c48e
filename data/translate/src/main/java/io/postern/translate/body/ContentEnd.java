package io.postern.translate.body;

import java.nio.charset.StandardCharsets;

/// Finds the end tag that ends the content of a script, style, textarea or title (HTML §13.2.5.9 and on), and
/// knows the comments in scripts that hide one.
final class ContentEnd {
    private byte[] name = {};
    private boolean isScript;
    private int step; // 0 text, 1 after <, 2 in </name, 3 after </name, 4 in <name, 5 after <name, 6 to 7 in <!--
    private int matched;
    private int dashes;
    private boolean inComment;
    private boolean inDoubled; // a script within a comment within a script

    void begin(Element element) {
        name = element.name().getBytes(StandardCharsets.US_ASCII);
        isScript = element.content() == Element.Content.SCRIPT;
        step = 0;
        dashes = 0;
        inComment = false;
        inDoubled = false;
    }

    /// Nothing but a `<` can matter next.
    boolean isQuiet() {
        return step == 0 && !inComment;
    }

    /// @return whether the end tag's name is complete, and this is the byte after it
    boolean take(byte b) {
        if (inComment) {
            if (b == '>' && dashes >= 2) {
                inComment = false;
                inDoubled = false;
            }
            dashes = b == '-' ? dashes + 1 : 0;
        }
        switch (step) {
            case 1 -> afterLess(b);
            case 2, 4 -> inName(b);
            case 3 -> {
                if (isEndOfName(b)) {
                    if (!inDoubled) {
                        return true;
                    }
                    inDoubled = false;
                }
                step = b == '<' ? 1 : 0;
            }
            case 5 -> {
                if (isEndOfName(b)) {
                    inDoubled = true;
                }
                step = b == '<' ? 1 : 0;
            }
            case 6 -> step = b == '-' ? 7 : b == '<' ? 1 : 0;
            case 7 -> {
                if (b == '-') {
                    inComment = true;
                    dashes = 2;
                }
                step = b == '<' ? 1 : 0;
            }
            default -> step = b == '<' ? 1 : 0;
        }
        return false;
    }

    private void afterLess(byte b) {
        matched = 0;
        if (b == '/') {
            step = 2;
        } else if (isScript && b == '!' && !inComment) {
            step = 6;
        } else if (inComment && !inDoubled && (b | 0x20) == name[0]) {
            matched = 1;
            step = 4;
        } else {
            step = b == '<' ? 1 : 0;
        }
    }

    private void inName(byte b) {
        if ((b | 0x20) == name[matched]) {
            matched++;
            if (matched == name.length) {
                step++;
            }
        } else {
            step = b == '<' ? 1 : 0;
        }
    }

    private static boolean isEndOfName(byte b) {
        return b == '>' || b == '/' || HtmlTranslation.isBlank(b);
    }
}
