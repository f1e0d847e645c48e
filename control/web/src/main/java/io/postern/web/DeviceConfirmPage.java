package io.postern.web;

import io.postern.domain.publish.Branding;
import java.util.List;

/// Asks whether the program on the other device is the user's own.
///
/// @param request the device code, sealed
/// @param address where the program asked from
/// @param asked when, for people
/// @param permissions in words, one each
public record DeviceConfirmPage(
        String action,
        String csrf,
        String request,
        String application,
        String userName,
        String address,
        String asked,
        List<String> permissions,
        Branding branding)
        implements View {
    public DeviceConfirmPage {
        permissions = List.copyOf(permissions);
    }

    @Override
    public String template() {
        return "device-confirm.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("device.title");
    }
}
