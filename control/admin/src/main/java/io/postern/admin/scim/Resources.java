package io.postern.admin.scim;

/// One kind of resource and what can be done with it; ids as they stand in the URL.
interface Resources {
    Answer list(ScimCall call);

    Answer get(ScimCall call, String id);

    Answer create(ScimCall call);

    Answer replace(ScimCall call, String id);

    Answer patch(ScimCall call, String id);

    Answer delete(ScimCall call, String id);
}
