package io.postern.translate.body;

import io.postern.translate.LinkPlace;
import io.postern.translate.LinkRules;
import io.postern.translate.LinkRules.Found;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The beginning of what may be a link: as text to decide on, and as the bytes that stood there. Given up at
/// the first character that cannot be, so that next to nothing is held back where there are no links.
final class Candidate {
    /// Character references may be spelt at any length; nobody does.
    private static final int RAW_MAX = 4096;

    private final LinkRules rules;
    private final char[] text;
    private final int[] rawEnds; // of each character
    private byte[] raw = new byte[512];
    private int rawLength;
    private int length;
    private int stage;
    private boolean held;
    private LinkPlace place = LinkPlace.ATTRIBUTE;
    private Spelling spelling = Spelling.HTML;

    Candidate(LinkRules rules) {
        this.rules = rules;
        text = new char[rules.decisiveLength()];
        rawEnds = new int[text.length];
    }

    LinkRules rules() {
        return rules;
    }

    void begin(LinkPlace at, Spelling how) {
        place = at;
        spelling = how;
        length = 0;
        rawLength = 0;
        stage = 0;
        held = true;
    }

    boolean isHeld() {
        return held;
    }

    /// @return false when this cannot be a link: what was held back is written, and this character is not of
    ///     it. When
    ///     true the candidate may be decided ([#isHeld()] is false then) and written, this character included.
    boolean add(int c, byte[] from, int start, int end, Sink out) {
        stage = next(c);
        if (stage < 0 || rawLength + end - start > RAW_MAX) {
            release(out);
            return false;
        }
        keep(from, start, end);
        text[length] = (char) c;
        rawEnds[length++] = rawLength;
        if (length == text.length || ((c == '?' || c == '#') && stage >= 20)) {
            end(out);
        }
        return true;
    }

    /// Bytes that are part of the next character.
    void addSilent(byte[] from, int start, int end) {
        keep(from, start, end);
    }

    /// Scheme and authority, or a path where paths move; -1 where it is none.
    private int next(int c) {
        int lower = c | 0x20;
        return switch (stage) {
            case 0 -> lower == 'h' ? 1 : c == '/' ? 10 : -1;
            case 1, 2 -> lower == 't' ? stage + 1 : -1;
            case 3 -> lower == 'p' ? 4 : -1;
            case 4 -> lower == 's' ? 5 : c == ':' ? 6 : -1;
            case 5 -> c == ':' ? 6 : -1;
            case 6 -> c == '/' ? 7 : -1;
            case 7 -> c == '/' ? 20 : -1;
            case 10 -> c == '/' ? 20 : rules.looksAtPaths() && c != '\\' ? 21 : -1;
            default -> stage;
        };
    }

    private void keep(byte[] from, int start, int end) {
        if (rawLength + end - start > raw.length) {
            raw = Arrays.copyOf(raw, Math.max(raw.length * 2, rawLength + end - start));
        }
        System.arraycopy(from, start, raw, rawLength, end - start);
        rawLength += end - start;
    }

    /// Decides on what is there. Nothing where nothing is held back.
    void end(Sink out) {
        if (!held) {
            return;
        }
        Optional<Found> found = stage < 10 ? Optional.empty() : rules.outward(new String(text, 0, length), place);
        int from = 0;
        if (found.isPresent()) {
            from = rawEnds[found.get().length() - 1];
            byte[] link = spelling.spell(found.get().replacement(), raw, from).getBytes(StandardCharsets.US_ASCII);
            out.write(link, 0, link.length);
        }
        if (from < rawLength) {
            out.write(raw, from, rawLength);
        }
        held = false;
    }

    void release(Sink out) {
        if (held && rawLength > 0) {
            out.write(raw, 0, rawLength);
        }
        held = false;
    }
}
