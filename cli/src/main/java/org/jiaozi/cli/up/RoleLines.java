package org.jiaozi.cli.up;

import java.util.ArrayList;
import java.util.List;

/** What each role of a whole is started with, as arguments of {@code jiaozi}. */
final class RoleLines {
    static final int QUOTA_NUMBER = 1;

    private RoleLines() {}

    static List<String> central(DataFolder data, Settings settings, long clockOffset) {
        List<String> arguments = new ArrayList<>(List.of(
                "serve",
                "--role",
                "central",
                "--data",
                data.role(DataFolder.CENTRAL).toString(),
                "--port",
                Integer.toString(settings.port(DataFolder.CENTRAL)),
                "--clock-offset",
                Long.toString(clockOffset),
                "--profile",
                settings.profile()));
        for (Settings.Institution institution : settings.institutions()) {
            arguments.addAll(List.of("--member", institution.code() + "=" + institution.name()));
        }
        return arguments;
    }

    static List<String> institution(
            DataFolder data, Settings settings, Settings.Institution institution, long clockOffset) {
        List<String> arguments = new ArrayList<>(List.of(
                "serve",
                "--role",
                "institution",
                "--data",
                data.role(institution.code()).toString(),
                "--port",
                Integer.toString(settings.port(institution.code())),
                "--clock-offset",
                Long.toString(clockOffset),
                "--code",
                institution.code(),
                "--name",
                institution.name(),
                "--central-url",
                settings.url(DataFolder.CENTRAL),
                "--quota-number",
                Integer.toString(QUOTA_NUMBER)));
        if (!institution.webhook().isEmpty()) {
            arguments.addAll(List.of("--webhook", institution.webhook()));
        }
        return arguments;
    }

    /** The name of a role's database. */
    static String database(String role) {
        return role.replace('-', '_');
    }
}
