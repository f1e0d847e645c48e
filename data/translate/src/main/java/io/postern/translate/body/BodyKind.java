package io.postern.translate.body;

import io.postern.translate.LinkPlace;
import io.postern.translate.LinkRules;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a body is, by its `Content-Type` (BODY-2), as far as links in it are translated.
public enum BodyKind {
    HTML,
    XHTML,
    CSS,
    SCRIPT,
    JSON,
    XML;

    /// Encodings in which the bytes of ASCII are ASCII. Not UTF-16 and UTF-32, nor those that switch between
    /// alphabets by escapes, where a `<` may be half a character.
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

    /// Empty for everything else, and for encodings that cannot be read: such bodies stay.
    ///
    /// @param contentType the field's value
    public static Optional<BodyKind> of(String contentType) {
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("charset=") && !isReadable(parameter.substring("charset=".length()))) {
                return Optional.empty();
            }
        }
        String type = parts[0].strip();
        return switch (type) {
            case "text/html" -> Optional.of(HTML);
            case "application/xhtml+xml" -> Optional.of(XHTML);
            case "text/css" -> Optional.of(CSS);
            case "text/javascript", "application/javascript", "application/x-javascript" -> Optional.of(SCRIPT);
            case "application/json", "text/json" -> Optional.of(JSON);
            case "application/xml", "text/xml" -> Optional.of(XML);
            default ->
                type.endsWith("+json")
                        ? Optional.of(JSON)
                        : type.endsWith("+xml") ? Optional.of(XML) : Optional.empty();
        };
    }

    private static boolean isReadable(String charset) {
        String name = charset.replace("\"", "").replace("'", "").strip();
        return name.isEmpty() || READABLE.stream().anyMatch(name::startsWith);
    }

    /// Empty where nothing of this kind is to be looked at.
    public Optional<BodyTranslation> translation(LinkRules rules) {
        return rules.looksAt(place()) ? Optional.of(reader(rules)) : Optional.empty();
    }

    private LinkPlace place() {
        return switch (this) {
            case HTML, XHTML -> LinkPlace.ATTRIBUTE;
            case CSS -> LinkPlace.STYLE;
            case SCRIPT -> LinkPlace.SCRIPT;
            case JSON -> LinkPlace.JSON;
            case XML -> LinkPlace.XML;
        };
    }

    private BodyTranslation reader(LinkRules rules) {
        return switch (this) {
            case HTML, XHTML, XML -> new HtmlTranslation(this, rules);
            case CSS -> new FlatTranslation(new CssFinder(new Candidate(rules), Spelling.CSS));
            case SCRIPT, JSON -> new FlatTranslation(new TextFinder(new Candidate(rules), place()));
        };
    }
}
