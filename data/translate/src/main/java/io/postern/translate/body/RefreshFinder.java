package io.postern.translate.body;

import io.postern.translate.LinkPlace;

/// The `content` of a meta element: `5; url='http://inside/'` (HTML, shared declarative refresh steps), or a URL.
final class RefreshFinder extends Finder {
    private enum State {
        BEFORE,
        TIME,
        SEPARATED,
        WORD,
        EQUALS,
        QUOTE,
        URL,
        REST
    }

    private static final String WORD = "url";

    private State state = State.BEFORE;
    private int matched;

    RefreshFinder(Candidate candidate) {
        super(candidate);
    }

    @Override
    void begin() {
        state = State.BEFORE;
        matched = 0;
    }

    @Override
    boolean isDone() {
        return state == State.REST;
    }

    @Override
    boolean take(int c, byte[] raw, int from, int to, Sink out) {
        boolean blank = c <= ' ';
        return switch (state) {
            case BEFORE -> {
                if (blank) {
                    yield false;
                }
                if ((c >= '0' && c <= '9') || c == '.') {
                    state = State.TIME;
                    yield false;
                }
                yield start(c, raw, from, to, out);
            }
            case TIME -> {
                if (c == ';' || c == ',' || blank) {
                    state = State.SEPARATED;
                } else if ((c < '0' || c > '9') && c != '.') {
                    state = State.REST;
                }
                yield false;
            }
            case SEPARATED -> {
                if (blank || c == ';' || c == ',') {
                    yield false;
                }
                if ((c | 0x20) == WORD.charAt(0)) {
                    matched = 1;
                    state = State.WORD;
                    yield false;
                }
                yield quoteOrUrl(c, raw, from, to, out);
            }
            case WORD -> {
                boolean more = matched < WORD.length() && (c | 0x20) == WORD.charAt(matched);
                if (more) {
                    matched++;
                } else if (matched == WORD.length() && c == '=') {
                    state = State.EQUALS;
                } else if (matched < WORD.length() || !blank) {
                    state = State.REST;
                }
                yield false;
            }
            case EQUALS -> !blank && quoteOrUrl(c, raw, from, to, out);
            case QUOTE -> start(c, raw, from, to, out);
            case URL -> url(c, raw, from, to, out);
            case REST -> false;
        };
    }

    private boolean quoteOrUrl(int c, byte[] raw, int from, int to, Sink out) {
        if (c == '"' || c == '\'') {
            state = State.QUOTE;
            return false;
        }
        return start(c, raw, from, to, out);
    }

    private boolean start(int c, byte[] raw, int from, int to, Sink out) {
        candidate.begin(LinkPlace.ATTRIBUTE, Spelling.HTML);
        state = State.URL;
        return url(c, raw, from, to, out);
    }

    private boolean url(int c, byte[] raw, int from, int to, Sink out) {
        if (c == '"' || c == '\'') {
            candidate.end(out);
            state = State.REST;
            return false;
        }
        boolean kept = candidate.add(c, raw, from, to, out);
        if (!candidate.isHeld()) {
            state = State.REST;
        }
        return kept;
    }
}
