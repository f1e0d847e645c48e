package io.postern.translate.body;

import java.util.List;
import java.util.Locale;

/// How a body's characters are bytes, as far as it matters for finding links.
public enum BodyCharset {
    /// The bytes of ASCII are ASCII; UTF-8 is assumed where nothing is said (BODY-2).
    ASCII_BASED,
    UTF_16_LITTLE,
    UTF_16_BIG,
    /// UTF-32, UTF-7, and encodings that switch between alphabets by escapes, where a `<` may be half a character.
    OTHER;

    private static final List<String> READABLE = List.of(
            "utf-8",
            "utf8",
            "us-ascii",
            "ascii",
            "iso-8859-",
            "iso8859-",
            "latin1",
            "windows-",
            "cp125",
            "koi8-",
            "shift_jis",
            "euc-",
            "gbk",
            "gb2312",
            "gb18030",
            "big5",
            "macintosh",
            "tis-620",
            "ibm866");

    /// @param contentType the field's value
    public static BodyCharset of(String contentType) {
        BodyCharset found = ASCII_BASED;
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("charset=")) {
                found = named(parameter
                        .substring("charset=".length())
                        .replace("\"", "")
                        .replace("'", "")
                        .strip());
            }
        }
        return found;
    }

    private static BodyCharset named(String name) {
        return switch (name) {
            case "" -> ASCII_BASED;
            case "utf-16", "utf-16le", "unicode", "ucs-2" -> UTF_16_LITTLE; // Encoding Standard §4.2
            case "utf-16be" -> UTF_16_BIG;
            default -> READABLE.stream().anyMatch(name::startsWith) ? ASCII_BASED : OTHER;
        };
    }
}
