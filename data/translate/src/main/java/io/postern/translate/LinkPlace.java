package io.postern.translate;

/// Where in an answer a link stands. The first two are the original's (BODY-2); each other one is a switch of its
/// own, since it may change what is no link.
public enum LinkPlace {
    /// An attribute of the table in BODY-4.
    ATTRIBUTE,
    /// `url()` and `@import` of CSS, in a style sheet, a style element or a style attribute.
    STYLE,
    /// A text in a script that is a URL as a whole.
    SCRIPT,
    /// A text in JSON that is a URL as a whole.
    JSON,
    /// A candidate of `srcset` or `imagesrcset`.
    SRCSET,
    /// `href`, `xlink:href` or `src` in SVG or XML.
    XML,
    /// Percent-encoded in the query of another URL.
    PERCENT_ENCODED,
    /// A field of the answer that says which origins may do something.
    POLICY
}
