export declare function electronFlags (folder: string): string[]
