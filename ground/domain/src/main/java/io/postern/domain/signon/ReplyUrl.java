package io.postern.domain.signon;

import java.util.OptionalInt;

/// Where an assertion may be sent (ACS).
///
/// @param url compared letter by letter with what a request says
/// @param index by which a request may name it
/// @param isDefault used when a request names none; of several without the mark the first
public record ReplyUrl(String url, OptionalInt index, boolean isDefault) {
    public ReplyUrl {
        url = Addresses.secure("url", url);
    }

    public static ReplyUrl of(String url) {
        return new ReplyUrl(url, OptionalInt.empty(), false);
    }
}
