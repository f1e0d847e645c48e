package io.postern.translate;

/// Hears of every internal link that is seen; must be quick, since it is told while the answer flows.
public interface LinkObserver {
    /// @param url as it stood there, decoded, cut off after some hundred characters
    void onLink(LinkPlace place, String url, LinkVerdict verdict);
}
