package io.postern.translate.body;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A character reference on its way in, such as `&amp;` or `&#x2F;`: the bytes, and what they stand for. Knows
/// the few names that stand for characters of URLs.
final class CharacterReference {
    /// `&#0000000047;` and longer ones are left as the text that they are.
    private static final int LENGTH_MAX = 14;

    private static final Map<String, Character> NAMED = Map.ofEntries(
            Map.entry("amp", '&'),
            Map.entry("AMP", '&'),
            Map.entry("quot", '"'),
            Map.entry("QUOT", '"'),
            Map.entry("apos", '\''),
            Map.entry("sol", '/'),
            Map.entry("colon", ':'),
            Map.entry("period", '.'),
            Map.entry("quest", '?'),
            Map.entry("equals", '='),
            Map.entry("num", '#'),
            Map.entry("percnt", '%'),
            Map.entry("lowbar", '_'),
            Map.entry("lpar", '('),
            Map.entry("rpar", ')'),
            Map.entry("comma", ','),
            Map.entry("semi", ';'),
            Map.entry("Tab", '\t'),
            Map.entry("NewLine", '\n'));

    final byte[] bytes = new byte[LENGTH_MAX];
    int length; // 0: none is on its way

    boolean isOpen() {
        return length > 0;
    }

    void open() {
        bytes[0] = '&';
        length = 1;
    }

    /// @return whether the byte is part of it; if not, or after `;`, it is complete
    boolean add(byte b) {
        boolean fits = length < LENGTH_MAX && (b == ';' ? length > 1 : length == 1 ? isFirst(b) : isNext(b));
        if (fits) {
            bytes[length++] = b;
        }
        return fits;
    }

    private static boolean isFirst(byte b) {
        return b == '#' || isLetter(b);
    }

    private boolean isNext(byte b) {
        if (bytes[1] != '#') {
            return isLetter(b) || isDigit(b);
        }
        boolean hex = length > 2 && (bytes[2] | 0x20) == 'x';
        return hex ? Character.digit(b, 16) >= 0 : isDigit(b) || (length == 2 && (b | 0x20) == 'x');
    }

    private static boolean isLetter(byte b) {
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    boolean isComplete() {
        return length > 1 && bytes[length - 1] == ';';
    }

    /// What it stands for; -1 where it is none, or none of ours.
    int character() {
        int end = isComplete() ? length - 1 : length;
        String name = new String(bytes, 1, Math.max(0, end - 1), StandardCharsets.ISO_8859_1);
        if (name.startsWith("#")) {
            boolean hex = name.length() > 1 && (name.charAt(1) | 0x20) == 'x';
            String digits = name.substring(hex ? 2 : 1);
            if (digits.isEmpty()) {
                return -1;
            }
            long code = Long.parseLong(digits, hex ? 16 : 10);
            return code > 0 && code < 0xFFFF ? (int) code : 0xFFFD;
        }
        boolean withoutSemicolon = name.equalsIgnoreCase("amp") || name.equalsIgnoreCase("quot");
        Character known = isComplete() || withoutSemicolon ? NAMED.get(name) : null;
        return known == null ? -1 : known;
    }
}
