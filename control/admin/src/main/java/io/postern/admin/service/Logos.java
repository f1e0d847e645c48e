package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.store.ProfileStore.Logo;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/// Logos of applications (4.1): what their tiles show. No SVG: that is a document which may hold scripts.
public final class Logos {
    /// Bytes of a logo at most.
    public static final int BYTES_MAX = 100 * 1024;

    private static final int PIXELS_MIN = 16;
    private static final int PIXELS_MAX = 1024;

    private final Ledger ledger;

    public Logos(Ledger ledger) {
        this.ledger = ledger;
    }

    public Outcome<Logo> find(TenantId tenant, ObjectId id) {
        return ledger.look(stores ->
                stores.profiles().logo(tenant, id).orElseThrow(() -> Rejected.notFound("logo of an application", id)));
    }

    public Outcome<Application> put(Actor actor, ObjectId id, byte[] bytes) {
        return ledger.change(actor, change -> set(change, id, Optional.of(checked(bytes))));
    }

    public Outcome<Application> remove(Actor actor, ObjectId id) {
        return ledger.change(actor, change -> set(change, id, Optional.empty()));
    }

    private static Application set(Change change, ObjectId id, Optional<Logo> logo) {
        Application application = Applications.editable(change, id);
        change.stores().profiles().setLogo(change.tenant(), id, logo);
        change.note(
                Activity.UPDATE_APPLICATION,
                id,
                application.displayName(),
                Map.of("logo", logo.map(Logo::mediaType).orElse("removed")));
        return application;
    }

    private static Logo checked(byte[] bytes) {
        if (bytes.length > BYTES_MAX) {
            throw Rejected.invalid("logo", "the logo is larger than " + BYTES_MAX + " bytes; make it smaller");
        }
        Picture picture = Picture.of(bytes)
                .orElseThrow(() -> Rejected.invalid(
                        "logo",
                        "the logo is neither PNG nor JPEG (SVG is not taken, it may hold scripts); convert it"));
        if (Math.min(picture.width(), picture.height()) < PIXELS_MIN
                || Math.max(picture.width(), picture.height()) > PIXELS_MAX) {
            throw Rejected.invalid(
                    "logo",
                    "the logo has " + picture.width() + " x " + picture.height() + " pixels; each side may have "
                            + PIXELS_MIN + " to " + PIXELS_MAX + ", 215 x 215 is usual");
        }
        return new Logo(picture.mediaType(), Base64.getEncoder().encodeToString(bytes));
    }
}
