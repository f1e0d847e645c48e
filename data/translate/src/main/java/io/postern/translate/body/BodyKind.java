package io.postern.translate.body;

import io.postern.translate.LinkPlace;
import io.postern.translate.LinkRules;
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

    /// Empty for everything else: such bodies stay.
    ///
    /// @param contentType the field's value
    public static Optional<BodyKind> of(String contentType) {
        int end = contentType.indexOf(';');
        String type =
                (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
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

    /// Empty where nothing of this kind is to be looked at, and where the encoding cannot be read.
    public Optional<BodyTranslation> translation(LinkRules rules, BodyCharset charset) {
        if (charset == BodyCharset.OTHER || !rules.looksAt(place())) {
            return Optional.empty();
        }
        return Optional.of(new MarkedTranslation(reader(rules), charset));
    }

    /// Where its links stand; that they are translated there is a switch.
    public LinkPlace place() {
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
