package dev.tetra.benchmarks;

import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.RuntimeDirectory;
import dev.tetra.tsm.core.Service;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Our command with its background owner: one file of services, and as everybody has it otherwise. */
final class Tsm implements Supervisor {
    private final String tsm;
    private final Commands commands;
    private final Path file;
    private final RuntimeDirectory directory;

    private Tsm(String tsm, Commands commands, Path home) {
        this.tsm = tsm;
        this.commands = commands;
        this.file = home.resolve("services.yml");
        this.directory = directory(home);
    }

    /** @param tsm the command */
    static Supervisor.Opener opener(String tsm) {
        return (home, commands, programs) -> {
            Tsm opened = new Tsm(tsm, commands, home);
            Files.writeString(opened.file, yaml(programs));
            commands.run(List.of(tsm, "owner", "start"));
            return opened;
        };
    }

    private static String yaml(List<Program> programs) {
        StringBuilder text = new StringBuilder("services:\n");
        for (Program program : programs) {
            text.append("  ").append(program.name()).append(":\n    command:\n");
            for (String word : program.words()) {
                text.append("      - \"").append(word).append("\"\n");
            }
            text.append("    restart: ").append(policy(program).text()).append('\n');
        }
        return text.toString();
    }

    /** When a program is started again. */
    static RestartPolicy.Mode policy(Program program) {
        return program.kept() ? RestartPolicy.Mode.ON_FAILURE : RestartPolicy.Mode.NEVER;
    }

    /** Where the state is, in that home. */
    static RuntimeDirectory directory(Path home) {
        return RuntimeDirectory.of(home.resolve("tetra").resolve("tsm"));
    }

    @Override
    public long start() throws IOException {
        return commands.run(List.of(tsm, "up", file.toString(), "--no-wait"));
    }

    @Override
    public long stop() throws IOException {
        return commands.run(List.of(tsm, "stop", "*"));
    }

    @Override
    public void forget() throws IOException {
        commands.run(List.of(tsm, "delete", "*"));
    }

    @Override
    public List<Long> managers() throws IOException {
        String owner = Files.readString(directory.ownerLock());
        return List.of(Long.parseLong(owner.substring(0, owner.indexOf(' '))));
    }

    @Override
    public List<Long> attendants() throws IOException {
        List<Long> wrappers = new ArrayList<>();
        for (Service service : directory.read().services()) {
            service.run().flatMap(Service.Run::wrapper).ifPresent(wrapper -> wrappers.add(wrapper.pid()));
        }
        return wrappers;
    }

    /** Archives are named after the offset of their first byte, in digits enough for their order to be that of names. */
    @Override
    public List<Path> log(Program program) throws IOException {
        Path service = directory.service(program.name());
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(service, "current.out.[0-9]*")) {
            archives.forEach(files::add);
        }
        files.sort(null);
        files.add(service.resolve("current.out"));
        return files;
    }

    @Override
    public void close() throws IOException {
        forget();
        commands.run(List.of(tsm, "owner", "stop"));
    }
}
