package io.postern.connector.form;

import java.util.Optional;

/// One request of a sign-in. Nothing of it is printed: the body has the password.
///
/// @param path with query
/// @param cookies for the field `Cookie`; empty for none
/// @param referer the page before
/// @param type of the body
/// @param body wiped by whoever made it, when the answer is there
@SuppressWarnings("ArrayRecordComponent") // never compared
record FormRequest(String method, String path, String cookies, Optional<String> referer, String type, byte[] body) {
    static FormRequest get(String path, String cookies, Optional<String> referer) {
        return new FormRequest("GET", path, cookies, referer, "", new byte[0]);
    }

    @Override
    public String toString() {
        return method + " " + path.replaceAll("\\?.*", "?...");
    }
}
