package io.postern.translate.body;

import io.postern.translate.LinkPlace;

/// `url(...)` with or without quotes, and `@import "..."`, in CSS. Comments and other texts are left alone.
final class CssFinder extends Finder {
    private enum State {
        PLAIN,
        ESCAPED,
        SLASH,
        COMMENT,
        TEXT,
        TEXT_ESCAPED,
        WORD,
        AT,
        IMPORT,
        OPEN,
        URL,
        URL_ESCAPED,
        REST,
        REST_ESCAPED
    }

    private static final String URL = "url(";
    private static final String IMPORT = "import";
    private static final boolean[] BORING = boring();

    private final Spelling spelling;
    private State state = State.PLAIN;
    private int matched;
    private boolean inWord; // the character before belongs to a name
    private boolean star; // in a comment
    private boolean importing; // a comment after @import goes back there
    private int quote; // 0: none

    /// @param spelling CSS, or CSS_IN_HTML
    CssFinder(Candidate candidate, Spelling spelling) {
        super(candidate);
        this.spelling = spelling;
    }

    private static boolean[] boring() {
        var boring = new boolean[256];
        for (int c = 0; c < 256; c++) {
            boring[c] = "uU@/'\"\\<".indexOf(c) < 0;
        }
        return boring;
    }

    @Override
    void begin() {
        state = State.PLAIN;
        inWord = false;
        importing = false;
    }

    @Override
    int skip(byte[] in, int at, int to) {
        if (state != State.PLAIN) {
            return at;
        }
        int i = at;
        while (i < to && BORING[in[i] & 0xff]) {
            i++;
        }
        if (i > at) {
            inWord = isOfName(in[i - 1] & 0xff);
        }
        return i;
    }

    private static boolean isOfName(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c >= 0x80;
    }

    @Override
    boolean take(int c, byte[] raw, int from, int to, Sink out) {
        switch (state) {
            case PLAIN -> plain(c);
            case ESCAPED -> {
                state = State.PLAIN;
                inWord = true;
            }
            case SLASH -> {
                if (c == '*') {
                    state = State.COMMENT;
                    star = false;
                } else {
                    importing = false;
                    plain(c);
                }
            }
            case COMMENT -> {
                if (c == '/' && star) {
                    state = importing ? State.IMPORT : State.PLAIN;
                    inWord = false;
                }
                star = c == '*';
            }
            case TEXT -> {
                if (c == '\\') {
                    state = State.TEXT_ESCAPED;
                } else if (c == quote || c == '\n') {
                    state = State.PLAIN;
                    inWord = false;
                }
            }
            case TEXT_ESCAPED -> state = State.TEXT;
            case WORD -> word(c);
            case AT -> at(c);
            case IMPORT -> {
                if (c == '"' || c == '\'') {
                    importing = false;
                    quote = c;
                    open();
                } else if (c == '/') {
                    state = State.SLASH;
                } else if (c > ' ') {
                    importing = false;
                    plain(c);
                }
            }
            case OPEN -> {
                if (c == '"' || c == '\'') {
                    quote = c;
                    open();
                } else if (c == ')') {
                    leave();
                } else if (c > ' ') {
                    quote = 0;
                    open();
                    return url(c, raw, from, to, out);
                }
            }
            case URL -> {
                return url(c, raw, from, to, out);
            }
            case URL_ESCAPED -> {
                if (Character.digit(c, 16) >= 0 || c < ' ') {
                    candidate.release(out); // escapes by number: nobody writes a URL so
                    state = State.REST;
                    return false;
                }
                state = State.URL;
                return add(c, raw, from, to, out);
            }
            case REST -> rest(c);
            case REST_ESCAPED -> state = State.REST;
        }
        return false;
    }

    private void plain(int c) {
        boolean before = inWord;
        inWord = isOfName(c);
        switch (c) {
            case 'u', 'U' -> {
                if (!before) {
                    state = State.WORD;
                    matched = 1;
                } else {
                    state = State.PLAIN;
                }
            }
            case '@' -> {
                state = State.AT;
                matched = 0;
            }
            case '/' -> state = State.SLASH;
            case '"', '\'' -> {
                quote = c;
                state = State.TEXT;
            }
            case '\\' -> state = State.ESCAPED;
            default -> state = State.PLAIN;
        }
    }

    private void word(int c) {
        int expected = URL.charAt(matched);
        if (c == expected || (expected != '(' && (c | 0x20) == expected)) {
            matched++;
            if (matched == URL.length()) {
                state = State.OPEN;
            }
        } else {
            inWord = true;
            plain(c);
        }
    }

    private void at(int c) {
        if (matched < IMPORT.length() && (c | 0x20) == IMPORT.charAt(matched)) {
            matched++;
        } else if (matched == IMPORT.length() && !isOfName(c) && c != '\\') {
            importing = true;
            state = State.IMPORT;
            if (c == '"' || c == '\'' || c == '/') {
                take(c, NOTHING, 0, 0, IGNORED);
            } else if (c > ' ') {
                importing = false;
                plain(c);
            }
        } else {
            inWord = true;
            plain(c);
        }
    }

    private static final byte[] NOTHING = {};
    private static final Sink IGNORED = (bytes, from, to) -> {};

    private void open() {
        candidate.begin(LinkPlace.STYLE, spelling);
        state = State.URL;
    }

    private void leave() {
        state = State.PLAIN;
        inWord = false;
    }

    private boolean ends(int c) {
        return quote == 0 ? c == ')' || c <= ' ' : c == quote || c == '\n';
    }

    private boolean url(int c, byte[] raw, int from, int to, Sink out) {
        if (ends(c)) {
            candidate.end(out);
            leave();
            return false;
        }
        if (c == '\\') {
            candidate.addSilent(raw, from, to);
            state = State.URL_ESCAPED;
            return true;
        }
        return add(c, raw, from, to, out);
    }

    private boolean add(int c, byte[] raw, int from, int to, Sink out) {
        boolean kept = candidate.add(c, raw, from, to, out);
        if (!candidate.isHeld()) {
            state = State.REST;
        }
        return kept;
    }

    private void rest(int c) {
        if (ends(c)) {
            leave();
        } else if (c == '\\') {
            state = State.REST_ESCAPED;
        }
    }
}
