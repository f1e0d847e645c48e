package io.postern.domain;

import java.util.UUID;

/// The id of a claims policy that several applications share: a UUID in lower case.
public record ClaimsMappingPolicyId(String value) {
    public ClaimsMappingPolicyId {
        value = Ids.uuid("ClaimsMappingPolicyId", value);
    }

    public static ClaimsMappingPolicyId random() {
        return new ClaimsMappingPolicyId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
