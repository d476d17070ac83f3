package dev.tetra.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder with a folder for each service, as s6 and runit want it: {@code run}, {@code down}, {@code log/run}.
 * <em>Immutable.</em>
 *
 * @param root the folder that is scanned
 * @param folders one for each program, in their order
 */
record ServiceFolders(Path root, List<Path> folders) {
    /** Where the logger keeps the output of a service, in the service's own folder. */
    private static final String LOGS = "logs";

    /**
     * Makes the folders.
     *
     * @param logger what reads a service's output, a line for sh; its last word is the folder of the logs
     */
    static ServiceFolders make(Path root, List<Program> programs, String logger) throws IOException {
        List<Path> folders = new ArrayList<>();
        for (Program program : programs) {
            Path folder = Files.createDirectories(root.resolve(program.name()));
            script(folder.resolve("run"), program.script());
            Files.createFile(folder.resolve("down"));
            if (program.logged()) {
                Files.createDirectories(folder.resolve("log"));
                Path logs = Files.createDirectories(folder.resolve(LOGS));
                Files.writeString(logs.resolve("config"), "s" + (32 << 20) + "\nn20\n"); // svlogd(8) reads it
                script(folder.resolve("log").resolve("run"), "exec " + logger + " " + logs);
            }
            folders.add(folder);
        }
        return new ServiceFolders(root, List.copyOf(folders));
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** The folders as words of a command. */
    List<String> words() {
        return folders.stream().map(Path::toString).toList();
    }

    /** The log files of a service: the names of the older ones, which begin with @, are in order of time. */
    List<Path> log(Program program) throws IOException {
        Path logs = root.resolve(program.name()).resolve(LOGS);
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> older = Files.newDirectoryStream(logs, "@*")) {
            older.forEach(files::add);
        }
        files.sort(null);
        files.add(logs.resolve("current"));
        return files;
    }
}
