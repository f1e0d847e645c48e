package io.postern.translate.body;

import io.postern.translate.LinkPlace;

/// URLs in a row: `archive` and `profile`, between blanks; or candidates of `srcset` with what is said of each.
final class UrlListFinder extends Finder {
    private enum State {
        BETWEEN,
        URL,
        REST,
        DESCRIPTOR
    }

    private final LinkPlace place;
    private State state = State.BETWEEN;

    UrlListFinder(Candidate candidate, LinkPlace place) {
        super(candidate);
        this.place = place;
    }

    @Override
    void begin() {
        state = State.BETWEEN;
    }

    @Override
    boolean take(int c, byte[] raw, int from, int to, Sink out) {
        boolean blank = c <= ' ';
        return switch (state) {
            case BETWEEN -> {
                if (blank || c == ',') {
                    yield false;
                }
                candidate.begin(place, Spelling.HTML);
                state = State.URL;
                yield url(c, raw, from, to, out);
            }
            case URL -> {
                if (blank) {
                    candidate.end(out);
                    state = afterUrl();
                    yield false;
                }
                yield url(c, raw, from, to, out);
            }
            case REST -> {
                if (blank) {
                    state = afterUrl();
                }
                yield false;
            }
            case DESCRIPTOR -> {
                if (c == ',') {
                    state = State.BETWEEN;
                }
                yield false;
            }
        };
    }

    private State afterUrl() {
        return place == LinkPlace.SRCSET ? State.DESCRIPTOR : State.BETWEEN;
    }

    private boolean url(int c, byte[] raw, int from, int to, Sink out) {
        boolean kept = candidate.add(c, raw, from, to, out);
        if (!candidate.isHeld()) {
            state = State.REST;
        }
        return kept;
    }
}
