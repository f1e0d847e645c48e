package io.postern.gateway.page;

import io.postern.domain.snapshot.PublishedApplication;
import java.util.Optional;

/// What a page says beyond its kind.
///
/// @param text shown as text, never as markup; empty for none
/// @param retry where "try again" leads; an absolute URL of ours
public record Remark(String text, Optional<String> retry) {
    public static final Remark NONE = new Remark("", Optional.empty());

    /// Names the application, as somebody with several open wants to know which one it is.
    public static Remark maintenance(PublishedApplication application) {
        return new Remark(
                "“" + application.displayName() + "” is under maintenance. It will be back.", Optional.empty());
    }

    public static Remark retry(String url) {
        return new Remark("", Optional.of(url));
    }
}
