package io.postern.translate;

/// What became of a link that leads inside.
public enum LinkVerdict {
    TRANSLATED,
    /// Published, but links at such a place are not translated for this application.
    PLACE_SWITCHED_OFF,
    /// The server is published, this folder of it is not (BODY-3, PUB-9).
    FOLDER_NOT_PUBLISHED,
    /// The server looks internal and is not published (BODY-3).
    NOT_PUBLISHED,
    /// Several published servers have this short name, none of them in the application's own domain (BODY-4).
    SHORT_NAME_OF_SEVERAL,
    /// With user information, or a host or port that cannot be: never translated.
    UNREADABLE
}
