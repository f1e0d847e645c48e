package io.postern.translate.body;

import io.postern.translate.LinkPlace;

/// A text that is a URL as a whole; and, where that is switched on, the URLs that are percent-encoded in its
/// query.
final class UrlFinder extends Finder {
    private enum State {
        BEFORE,
        URL,
        REST,
        PARAMETER,
        PERCENT,
        PERCENT_DIGIT
    }

    private final LinkPlace place;
    private final boolean seeksEncoded;
    private State state = State.BEFORE;
    private int high;

    UrlFinder(Candidate candidate, LinkPlace place) {
        super(candidate);
        this.place = place;
        this.seeksEncoded = candidate.rules().looksAt(LinkPlace.PERCENT_ENCODED);
    }

    @Override
    void begin() {
        state = State.BEFORE;
    }

    @Override
    boolean isDone() {
        return state == State.REST && !seeksEncoded;
    }

    @Override
    boolean take(int c, byte[] raw, int from, int to, Sink out) {
        return switch (state) {
            case BEFORE -> {
                if (c <= ' ') {
                    yield false;
                }
                candidate.begin(place, Spelling.HTML);
                state = State.URL;
                yield url(c, raw, from, to, out);
            }
            case URL -> url(c, raw, from, to, out);
            case REST -> rest(c);
            case PARAMETER, PERCENT, PERCENT_DIGIT -> parameter(c, raw, from, to, out);
        };
    }

    private boolean url(int c, byte[] raw, int from, int to, Sink out) {
        boolean kept = candidate.add(c, raw, from, to, out);
        if (!candidate.isHeld()) {
            state = State.REST;
            if (!kept) {
                rest(c);
            }
        }
        return kept;
    }

    private boolean rest(int c) {
        if (c == '=' && seeksEncoded) {
            candidate.begin(LinkPlace.PERCENT_ENCODED, Spelling.PERCENT);
            state = State.PARAMETER;
        }
        return false;
    }

    private boolean parameter(int c, byte[] raw, int from, int to, Sink out) {
        if (c == '&' || c == '#' || c == '=') {
            candidate.end(out);
            state = State.REST;
            return rest(c);
        }
        return switch (state) {
            case PERCENT -> {
                high = Character.digit(c, 16);
                candidate.addSilent(raw, from, to);
                state = State.PERCENT_DIGIT;
                yield true;
            }
            case PERCENT_DIGIT -> {
                int low = Character.digit(c, 16);
                state = State.PARAMETER;
                yield encoded(high < 0 || low < 0 ? 0 : high * 16 + low, raw, from, to, out);
            }
            case BEFORE, URL, REST, PARAMETER -> {
                if (c == '%') {
                    candidate.addSilent(raw, from, to);
                    state = State.PERCENT;
                    yield true;
                }
                // what stands there in the open is no percent-encoded URL, but it may begin like one: http%3A
                yield encoded(c == ':' || c == '/' ? 0 : c, raw, from, to, out);
            }
        };
    }

    private boolean encoded(int c, byte[] raw, int from, int to, Sink out) {
        boolean kept = candidate.add(c, raw, from, to, out);
        if (!candidate.isHeld()) {
            state = State.REST;
        }
        return kept;
    }
}
