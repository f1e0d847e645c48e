package io.postern.translate;

import java.util.Optional;

/// Hears of every internal link that is seen; must be quick, since it is told while the answer flows. What it is
/// told holds no query, no user information and no long ids ([ShownUrl]).
public interface LinkObserver {
    /// @param url as it stood there, decoded
    /// @param becomes what it is outside, or would be if links at such a place were translated
    void onLink(LinkPlace place, String url, LinkVerdict verdict, Optional<String> becomes);
}
