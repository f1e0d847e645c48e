package io.postern.domain;

import java.util.UUID;

/// The id of an application as clients know it (client id, claim aud): a UUID in lower case.
public record AppId(String value) {
    public AppId {
        value = Ids.uuid("AppId", value);
    }

    public static AppId random() {
        return new AppId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
