package io.postern.gateway.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The ways in which somebody behind us might read a path: escapes decoded once or more often,
/// parameters (`;x`) dropped, slashes merged. Refuses what no honest user agent sends, since some
/// backend would climb out of its folder with it: dot segments, backslashes, control characters and
/// overlong UTF-8 under any decoding.
///
/// Works on one character for one byte; above US-ASCII only escapes may bring them (RFC 3986 §2).
public final class PathReadings {
    /// Deeper nesting of escapes has no honest use; a URL inside a URL inside a path needs two or three.
    private static final int DECODINGS_MAX = 5;

    /// Called with every decoding of the path, the path itself first.
    interface Reader {
        /// Why the path must be refused, if it must.
        Optional<String> read(String decoded);
    }

    private PathReadings() {}

    /// The readings of a path in one spelling each: decoded ever further, without parameters, empty segments
    /// and dots at the ends of names, in lower case. Of paths that were not refused.
    public static List<String> folded(String path) {
        var readings = new ArrayList<String>(2);
        String decoded = path;
        for (int decodings = 0; decodings <= DECODINGS_MAX; decodings++) {
            String folded = foldedOnce(decoded);
            if (!readings.contains(folded)) {
                readings.add(folded);
            }
            String next = decode(decoded);
            if (next.equals(decoded)) {
                break;
            }
            decoded = next;
        }
        return readings;
    }

    private static String foldedOnce(String text) {
        var folded = new StringBuilder(text.length());
        for (int from = 0; from < text.length(); ) {
            int slash = text.indexOf('/', from);
            int to = slash < 0 ? text.length() : slash;
            int end = segmentEnd(text, from, to);
            while (end > from && text.charAt(end - 1) == '.') {
                end--;
            }
            if (end > from) {
                folded.append('/').append(text, from, end);
            }
            from = to + 1;
        }
        return folded.append('/').toString().toLowerCase(Locale.ROOT);
    }

    /// True for the common path that everybody reads alike but for the case of letters: no escape,
    /// no parameter, no empty or dot segment, no dot at the end of a segment.
    static boolean isPlain(String target, int end) {
        char before = 0;
        for (int i = 0; i < end; i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '%' || c == ';' || c == '\\' || c == '#') {
                return false;
            }
            if (before == '/' && (c == '/' || (c == '.' && !isLetterOrDigit(target, i + 1, end)))) {
                return false;
            }
            if (before == '.' && c == '/') {
                return false;
            }
            before = c;
        }
        return before != '.';
    }

    private static boolean isLetterOrDigit(String text, int at, int end) {
        return at < end && Character.isLetterOrDigit(text.charAt(at));
    }

    /// Shows `reader` every decoding of the path.
    ///
    /// @return why the path must be refused, for the log
    static Optional<String> fault(String path, Reader reader) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == ' ' || c == '#' || c >= 0x7f) {
                return Optional.of("character that a path cannot hold");
            }
            if (c == '%' && unescaped(path, i) < 0) {
                return Optional.of("invalid escape");
            }
        }
        String decoded = path;
        for (int decodings = 0; decodings <= DECODINGS_MAX; decodings++) {
            Optional<String> fault = Optional.ofNullable(danger(decoded));
            if (fault.isEmpty()) {
                fault = reader.read(decoded);
            }
            if (fault.isPresent()) {
                return fault;
            }
            String next = decode(decoded);
            if (next.equals(decoded)) {
                return Optional.empty();
            }
            decoded = next;
        }
        return Optional.of("escapes nested too deep");
    }

    private static @Nullable String danger(String text) {
        int segment = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '/';
            if (c < ' ' || c == 0x7f) {
                return "control character";
            }
            if (c == '\\') {
                return "backslash";
            }
            if (c >= 0x80 && isOverlong(text, i)) {
                return "overlong UTF-8";
            }
            if (c == '%' && isWideEscape(text, i)) {
                return "%u escape";
            }
            if (c == '/') {
                if (isDotSegment(text, segment, i)) {
                    return "dot segment";
                }
                segment = i + 1;
            }
        }
        return null;
    }

    // '..;x' and '.. ' are '..' for some servlet containers and file systems
    private static boolean isDotSegment(String text, int from, int to) {
        if (from == to || text.charAt(from) != '.') {
            return false;
        }
        int end = segmentEnd(text, from, to);
        return end - from <= 2 && text.charAt(end - 1) == '.';
    }

    /// Where a segment ends for those who drop parameters, a decoded query, and trailing spaces.
    static int segmentEnd(String text, int from, int to) {
        int end = from;
        while (end < to && ";?#".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        while (end > from && text.charAt(end - 1) == ' ') {
            end--;
        }
        return end;
    }

    // lead bytes that can only begin an encoding longer than needed (RFC 3629 §3): C0 AE is '.' to sloppy decoders
    private static boolean isOverlong(String text, int at) {
        char lead = text.charAt(at);
        if (at + 1 >= text.length()) {
            return false;
        }
        char second = text.charAt(at + 1);
        boolean continues = second >= 0x80 && second <= 0xbf;
        return continues
                && switch (lead) {
                    case 0xc0, 0xc1 -> true;
                    case 0xe0 -> second < 0xa0;
                    case 0xf0 -> second < 0x90;
                    case 0xf8 -> second < 0x88;
                    case 0xfc -> second < 0x84;
                    default -> false;
                };
    }

    private static boolean isWideEscape(String text, int at) {
        return at + 5 < text.length()
                && (text.charAt(at + 1) | 0x20) == 'u'
                && unescaped(text, at + 1) >= 0
                && unescaped(text, at + 3) >= 0;
    }

    private static String decode(String text) {
        int percent = text.indexOf('%');
        if (percent < 0) {
            return text;
        }
        var out = new StringBuilder(text.length()).append(text, 0, percent);
        for (int i = percent; i < text.length(); i++) {
            int octet = text.charAt(i) == '%' ? unescaped(text, i) : -1;
            if (octet >= 0) {
                out.append((char) octet);
                i += 2;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }

    /// The octet that the two characters after `at` spell in hexadecimal, or -1.
    private static int unescaped(String text, int at) {
        if (at + 2 >= text.length()) {
            return -1;
        }
        int high = hex(text.charAt(at + 1));
        int low = hex(text.charAt(at + 2));
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    // Character.digit would take the digits of other scripts
    private static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        char lower = (char) (c | 0x20);
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
