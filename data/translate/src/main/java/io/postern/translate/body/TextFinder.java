package io.postern.translate.body;

import io.postern.translate.LinkPlace;

/// Texts in quotes that are a URL as a whole, in scripts and JSON. Keeps no account of which quotes open and
/// which close: a script cannot be told apart without running half a compiler, and a URL that follows a quote
/// is one.
final class TextFinder extends Finder {
    private enum State {
        PLAIN,
        ESCAPED,
        URL,
        URL_ESCAPED
    }

    private final LinkPlace place;
    private State state = State.PLAIN;

    /// @param place SCRIPT or JSON
    TextFinder(Candidate candidate, LinkPlace place) {
        super(candidate);
        this.place = place;
    }

    @Override
    void begin() {
        state = State.PLAIN;
    }

    private boolean opens(int c) {
        return c == '"' || (place == LinkPlace.SCRIPT && (c == '\'' || c == '`'));
    }

    @Override
    int skip(byte[] in, int at, int to) {
        int i = at;
        if (state == State.PLAIN) {
            while (i < to && in[i] != '"' && in[i] != '\'' && in[i] != '`' && in[i] != '\\' && in[i] != '<') {
                i++;
            }
        }
        return i;
    }

    @Override
    boolean take(int c, byte[] raw, int from, int to, Sink out) {
        switch (state) {
            case PLAIN -> plain(c);
            case ESCAPED -> state = State.PLAIN;
            case URL -> {
                if (opens(c)) {
                    candidate.end(out);
                    plain(c);
                    return false;
                }
                if (c == '\\') {
                    candidate.addSilent(raw, from, to);
                    state = State.URL_ESCAPED;
                    return true;
                }
                return add(c, raw, from, to, out);
            }
            case URL_ESCAPED -> {
                if (c != '/') {
                    candidate.release(out);
                    state = State.PLAIN;
                    return false;
                }
                state = State.URL;
                return add(c, raw, from, to, out);
            }
        }
        return false;
    }

    private void plain(int c) {
        if (opens(c)) {
            candidate.begin(place, Spelling.TEXT);
            state = State.URL;
        } else {
            state = c == '\\' ? State.ESCAPED : State.PLAIN;
        }
    }

    private boolean add(int c, byte[] raw, int from, int to, Sink out) {
        boolean kept = candidate.add(c, raw, from, to, out);
        if (!candidate.isHeld()) {
            state = State.PLAIN;
            if (!kept) {
                plain(c);
            }
        }
        return kept;
    }
}
