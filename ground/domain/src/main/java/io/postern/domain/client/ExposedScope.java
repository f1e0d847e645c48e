package io.postern.domain.client;

import java.util.regex.Pattern;

/// A delegated permission that an application offers to clients (`api.oauth2PermissionScopes`).
///
/// @param id a UUID by which clients name it in `requiredResourceAccess`
/// @param value the last part of the scope, for example `orders.read`
/// @param userMayConsent false: an administrator must agree
public record ExposedScope(
        String id, String value, String displayName, String description, boolean userMayConsent, boolean enabled) {
    private static final Pattern VALUE = Pattern.compile("[\\w!#$%&()*+,.:;<=>?@\\[\\]^{|}~-]{1,120}");

    public ExposedScope {
        if (!VALUE.matcher(value).matches() || value.startsWith(".")) {
            throw new IllegalArgumentException("'" + value
                    + "' is not the value of a scope: use 1 to 120 letters, digits and marks, no blank or '/', and no"
                    + " '.' in front");
        }
    }
}
