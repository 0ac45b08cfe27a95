export declare function findElectronFolder (): string | undefined
export declare function executableIn (folder: string): string
