package io.postern.gateway.page;

import java.util.Optional;

/// What a page says beyond its kind.
///
/// @param text shown as text, never as markup; empty for none
/// @param retry where "try again" leads; an absolute URL of ours
public record Remark(String text, Optional<String> retry) {
    public static final Remark NONE = new Remark("", Optional.empty());

    public static Remark retry(String url) {
        return new Remark("", Optional.of(url));
    }
}
