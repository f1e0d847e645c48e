package io.postern.domain.publish;

import java.util.EnumSet;
import java.util.Set;

/// Translation of links in the bodies of an application's answers (1.10).
///
/// @param enabled HTML attributes of the table and CSS (BODY-1, BODY-2)
/// @param extras what is translated beyond the original; only with `enabled`
public record LinkTranslation(boolean enabled, Set<Extra> extras) {
    public static final LinkTranslation OFF = new LinkTranslation(false, Set.of());

    public LinkTranslation {
        extras = Set.copyOf(extras);
    }

    /// The original's, without extras.
    public static LinkTranslation on() {
        return new LinkTranslation(true, EnumSet.noneOf(Extra.class));
    }

    /// Each is a switch of its own, off by default: they may change what is no link.
    public enum Extra {
        /// Texts in inline and external scripts that are URLs as a whole.
        SCRIPTS,
        /// Texts in `application/json` answers that are URLs as a whole.
        JSON,
        /// `srcset` and `imagesrcset`: lists of candidates.
        SRCSET,
        /// Attributes `href`, `xlink:href`, `src` in SVG and XML answers.
        XML,
        /// `Content-Security-Policy` and CORS fields of answers.
        POLICIES,
        /// URLs that are percent-encoded in the query of another one.
        PERCENT_ENCODED
    }
}
