# Hands its arguments to build.cs, which holds the build. ./build.ps1 help lists the targets.
dotnet run "$PSScriptRoot/build.cs" @args
exit $LASTEXITCODE
