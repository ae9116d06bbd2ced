export declare function isInstalled(folder: URL): boolean;
export declare function install(folder: URL, what: string): void;
export declare function importApart<Module>(folder: URL, specifier: string): Promise<Module>;
