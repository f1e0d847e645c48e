package io.postern.web;

import java.util.List;
import java.util.Optional;

/// Says that the user is signed out while frames tell the applications (OpenID Connect Front-Channel Logout).
///
/// @param frames URLs of applications
/// @param next where a link leads on, with its label
public record SignedOutPage(List<String> frames, Optional<MessagePage.Link> next) implements View {
    public SignedOutPage {
        frames = List.copyOf(frames);
    }

    @Override
    public String template() {
        return "signed-out.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("signedOut.heading");
    }

    @Override
    public List<String> frameSources() {
        return frames.stream().map(SignedOutPage::origin).distinct().toList();
    }

    private static String origin(String url) {
        int path = url.indexOf('/', url.indexOf("://") + 3);
        return path < 0 ? url : url.substring(0, path);
    }
}
