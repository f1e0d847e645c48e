package io.postern.translate.body;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of an element: which of its attributes hold links (the table of BODY-4), and what its content
/// is.
///
/// @param name lower case; empty for all that are not listed
/// @param attributes those with links
record Element(String name, Content content, Names<Attribute> attributes) {
    /// What follows the start tag.
    enum Content {
        MARKUP,
        /// No tag but its own end tag counts.
        TEXT,
        STYLE,
        SCRIPT,
        /// No tag counts any more.
        PLAIN,
        /// Markup with the rules of XML: SVG and MathML.
        FOREIGN
    }

    /// What an attribute's value is.
    enum Attribute {
        URL,
        URLS,
        STYLE,
        /// A refresh, or a URL.
        REFRESH,
        SRCSET,
        /// A URL in XML and in SVG; nothing elsewhere.
        XML
    }

    /// The original's (BODY-4), and those of Apache's mod_proxy_html beside it: area, cite, usemap, classid, for.
    private static final Map<String, String> TABLE = Map.ofEntries(
            Map.entry("a", "href"),
            Map.entry("area", "href"),
            Map.entry("audio", "src"),
            Map.entry("base", "href"),
            Map.entry("blockquote", "cite"),
            Map.entry("button", "formaction"),
            Map.entry("del", "cite"),
            Map.entry("div", "data-background data-src"),
            Map.entry("embed", "src"),
            Map.entry("form", "action"),
            Map.entry("frame", "src"),
            Map.entry("html", "manifest"),
            Map.entry("iframe", "longdesc src"),
            Map.entry("img", "longdesc src usemap"),
            Map.entry("input", "formaction src usemap value"),
            Map.entry("ins", "cite"),
            Map.entry("link", "href"),
            Map.entry("menuitem", "icon"),
            Map.entry("object", "classid codebase data usemap"),
            Map.entry("q", "cite"),
            Map.entry("script", "for src"),
            Map.entry("source", "src"),
            Map.entry("track", "src"),
            Map.entry("video", "poster src"));

    private static final Map<String, Map<String, Attribute>> MORE = Map.of(
            "head", Map.of("profile", Attribute.URLS),
            "object", Map.of("archive", Attribute.URLS),
            "meta", Map.of("content", Attribute.REFRESH),
            "img", Map.of("srcset", Attribute.SRCSET),
            "source", Map.of("srcset", Attribute.SRCSET),
            "link", Map.of("imagesrcset", Attribute.SRCSET));

    private static final Map<String, Content> CONTENTS = Map.ofEntries(
            Map.entry("script", Content.SCRIPT),
            Map.entry("style", Content.STYLE),
            Map.entry("textarea", Content.TEXT),
            Map.entry("title", Content.TEXT),
            Map.entry("xmp", Content.TEXT),
            Map.entry("iframe", Content.TEXT),
            Map.entry("noembed", Content.TEXT),
            Map.entry("noframes", Content.TEXT),
            Map.entry("plaintext", Content.PLAIN),
            Map.entry("svg", Content.FOREIGN),
            Map.entry("math", Content.FOREIGN));

    /// Every element may be styled, and may be one of XML.
    private static final Map<String, Attribute> EVERYWHERE =
            Map.of("style", Attribute.STYLE, "href", Attribute.XML, "xlink:href", Attribute.XML, "src", Attribute.XML);

    static final Element OTHER = new Element("", Content.MARKUP, new Names<>(EVERYWHERE));

    private static final Names<Element> ALL = all();

    private static Names<Element> all() {
        Map<String, Element> all = new HashMap<>();
        List<String> names = new ArrayList<>(TABLE.keySet());
        names.addAll(MORE.keySet());
        names.addAll(CONTENTS.keySet());
        for (String name : names) {
            Map<String, Attribute> attributes = new HashMap<>(EVERYWHERE);
            if (TABLE.containsKey(name)) {
                for (String attribute : TABLE.get(name).split(" ", -1)) {
                    attributes.put(attribute, Attribute.URL);
                }
            }
            attributes.putAll(MORE.getOrDefault(name, Map.of()));
            all.put(name, new Element(name, CONTENTS.getOrDefault(name, Content.MARKUP), new Names<>(attributes)));
        }
        return new Names<>(all);
    }

    static Element of(Name name) {
        @Nullable Element known = ALL.find(name);
        return known == null ? OTHER : known;
    }
}
