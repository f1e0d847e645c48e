package io.postern.admin.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PictureTest {
    private static final byte[] PNG =
            HexFormat.of().parseHex("89504e470d0a1a0a0000000d49484452000000d7000000d70802000000");
    /// SOI, a JFIF segment, SOF0 of 215 wide and 100 high.
    private static final byte[] JPEG =
            HexFormat.of().parseHex("ffd8ffe000104a46494600010100000100010000ffc0001108006400d703012200021101031101");

    @Test
    void kindAndSizeAreRead() {
        assertEquals(Optional.of(new Picture("image/png", 215, 215)), Picture.of(PNG));
        assertEquals(Optional.of(new Picture("image/jpeg", 215, 100)), Picture.of(JPEG));
    }

    /// An SVG may hold scripts, whatever it is called.
    @Test
    void documentsAreNoPictures() {
        for (String text : new String[] {"<svg xmlns='http://www.w3.org/2000/svg'/>", "<html>", "GIF89a", ""}) {
            assertEquals(Optional.empty(), Picture.of(text.getBytes(StandardCharsets.UTF_8)), text);
        }
    }

    @Test
    void nothingCutShortOrTwistedIsTakenOrBreaksTheReader() {
        for (int length = 0; length < PNG.length - 5; length++) {
            Picture.of(Arrays.copyOf(PNG, length));
        }
        for (int length = 0; length < 20; length++) {
            assertEquals(Optional.empty(), Picture.of(Arrays.copyOf(JPEG, length)));
        }
        byte[] endless = JPEG.clone();
        endless[5] = 0; // the segment says that it has no length
        assertEquals(Optional.empty(), Picture.of(endless));
    }
}
