package dev.tetra.tsm.ports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the registry's file says.
 *
 * <p>The first line names the format and its version. Then one claim a line. Lines that could not be read follow, each
 * behind a mark: a person may mend or delete them. The last line ends like any other, so that a cut one is known.
 *
 * @param claims in a list that may be changed
 * @param setAside the lines that could not be read, without their mark
 * @param problems one sentence for each of them
 */
record RegistryText(List<Claim> claims, List<String> setAside, List<String> problems) {

    private static final String FORMAT = "tsm-ports ";
    private static final int VERSION = 1;
    private static final String MARK = "?\t";

    static RegistryText empty() {
        return new RegistryText(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    /**
     * Reads any text whatsoever.
     *
     * @param file the file's name for messages
     * @throws IOException if a newer version wrote it, and nothing else
     */
    static RegistryText parse(String file, String text) throws IOException {
        RegistryText parsed = empty();
        List<String> lines = Words.fields(text, '\n');
        checkVersion(file, lines.get(0));
        for (int i = 0; i < lines.size(); i++) {
            boolean cut = i == lines.size() - 1;
            String line = lines.get(i);
            if (i == 0 && !cut && line.equals(FORMAT + VERSION)) {
                continue;
            }
            if (!line.isEmpty()) {
                parsed.add(file + ":" + (i + 1), line, cut);
            }
        }
        return parsed;
    }

    private void add(String place, String line, boolean cut) {
        if (line.startsWith(MARK)) {
            setAside(place, line.substring(MARK.length()), "was set aside earlier");
            return;
        }
        if (cut) {
            setAside(place, line, "has no end, so the file was cut off");
            return;
        }
        try {
            claims.add(Claim.ofLine(line));
        } catch (IllegalArgumentException wrong) {
            setAside(place, line, String.valueOf(wrong.getMessage()));
        }
    }

    private void setAside(String place, String line, String reason) {
        setAside.add(line);
        problems.add(place + ": set aside, " + reason + "; mend or delete the line: " + Words.printable(line));
    }

    private static void checkVersion(String file, String heading) throws IOException {
        if (!heading.startsWith(FORMAT)) {
            return;
        }
        String version = heading.substring(FORMAT.length());
        if (Ports.valueOf(version).orElse(VERSION) > VERSION) {
            throw new IOException(file + " was written by a newer version (" + heading + "); use that version");
        }
    }

    /** The file's text. */
    String print() {
        StringBuilder text = new StringBuilder(FORMAT).append(VERSION).append('\n');
        for (Claim claim : claims) {
            text.append(claim.line()).append('\n');
        }
        for (String line : setAside) {
            text.append(MARK).append(line).append('\n');
        }
        return text.toString();
    }
}
