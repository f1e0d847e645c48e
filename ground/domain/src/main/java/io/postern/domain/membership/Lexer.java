package io.postern.domain.membership;

import io.postern.domain.membership.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/// Splits a rule into words. Texts stand in double quotes, where a backtick keeps a quote or a backtick, or in single
/// quotes, where a quote is doubled; a backslash means nothing, so that patterns look as they are.
final class Lexer {
    private static final String TYPOGRAPHIC = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb";

    private final String rule;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String rule) {
        this.rule = rule;
    }

    /// @return the words and an END
    /// @throws RuleFault for a character that begins no word, and a text without end
    static List<Token> read(String rule) {
        var lexer = new Lexer(rule);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < rule.length()) {
            char c = rule.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            switch (c) {
                case '(' -> sign(Kind.OPEN);
                case ')' -> sign(Kind.CLOSE);
                case '[' -> sign(Kind.LIST_OPEN);
                case ']' -> sign(Kind.LIST_CLOSE);
                case ',' -> sign(Kind.COMMA);
                case '"', '\'' -> text(c);
                default -> word();
            }
        }
        tokens.add(new Token(Kind.END, "", at, at));
    }

    private void sign(Kind kind) {
        tokens.add(new Token(kind, rule.substring(at, at + 1), at, at + 1));
        at++;
    }

    private void text(char quote) {
        int begin = at++;
        var text = new StringBuilder();
        while (at < rule.length()) {
            char c = rule.charAt(at);
            char next = at + 1 < rule.length() ? rule.charAt(at + 1) : '\0';
            if (quote == '"' ? c == '`' && (next == '"' || next == '`') : c == '\'' && next == '\'') {
                text.append(next);
                at += 2;
            } else if (c == quote) {
                at++;
                tokens.add(new Token(Kind.TEXT, text.toString(), begin, at));
                return;
            } else {
                text.append(c);
                at++;
            }
        }
        throw RuleFault.wrong(rule, begin, "the text that begins here has no end; close it with " + quote);
    }

    private void word() {
        int begin = at;
        while (at < rule.length() && isWord(rule.charAt(at))) {
            at++;
        }
        if (at == begin) {
            throw RuleFault.at(
                    rule,
                    begin,
                    "'" + rule.substring(begin, rule.offsetByCodePoints(begin, 1)) + "'",
                    TYPOGRAPHIC.indexOf(rule.charAt(begin)) >= 0
                            ? "straight quotes, \" or '"
                            : "a property such as user.department, an operator such as -eq, a value or a bracket");
        }
        tokens.add(new Token(Kind.WORD, rule.substring(begin, at), begin, at));
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-'
                || c == '.'
                || c == ':';
    }
}
